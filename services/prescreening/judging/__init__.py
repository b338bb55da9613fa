"""What every check of pre-screening judges by: limits as a document, money, instalments, and reasons in words."""
