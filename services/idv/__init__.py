"""Identity documents (IDV): what the machine readable zone says, and whether the claim agrees with it."""
