"""The only code that talks to the outside; one file a source, each exporting PROVIDER."""
