"""Long proofs that no response is lost and none stored twice: python -m tests.soak (make soak)."""
