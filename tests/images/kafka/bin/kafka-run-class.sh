#!/bin/bash
exec java ${KAFKA_HEAP_OPTS:--Xmx256m} -Dorg.slf4j.simpleLogger.defaultLogLevel="${LOG_LEVEL:-warn}" \
    $KAFKA_OPTS -cp '/opt/kafka/libs/*' "$@"
