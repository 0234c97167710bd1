"""One feed for many terminals: a server tells what its store holds to Redis or Valkey, terminals hear it there."""
