#!/bin/sh
# Runs the command given to the container. Options without a command are what Beam's runners give to a worker.
case "${1-}" in
  -*) exec /opt/apache/beam/boot "$@" ;;
  *) exec "$@" ;;
esac
