"""The words of the desk as frozen values; standard library and msgspec only."""
