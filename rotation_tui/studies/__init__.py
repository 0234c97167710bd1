"""The bar path: completed bars in, frozen results out; the only home of pandas and numpy."""
