"""The organisation, its accounts, and what AWS itself enforces in them."""
