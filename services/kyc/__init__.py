"""Identity (KYC): a person's name, date of birth and address against independent data sources."""
