"""From histories to results: studies, checks, verdict, claims."""
