#!/bin/bash
export KAFKA_HEAP_OPTS=${KAFKA_HEAP_OPTS:--Xms1g -Xmx1g} LOG_LEVEL=${LOG_LEVEL:-info}
exec /opt/kafka/bin/kafka-run-class.sh kafka.Kafka "$@"
