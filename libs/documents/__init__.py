"""What a document says: its machine readable zone and its barcode, as text or read from a picture."""
