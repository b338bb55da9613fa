"""Collection: an applicant gives their data, documents and a selfie on a phone, and sees what came of it."""
