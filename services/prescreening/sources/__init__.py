"""Who is asked about an applicant: registers, bureaus, the book of loans. Each is a port and its adapters."""
