"""Files that are too large or too private for Kafka: kept by content, named on events by reference."""
