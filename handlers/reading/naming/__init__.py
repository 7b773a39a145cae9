"""Which indicator a question names: words, candidates, evidence, probabilities, decision."""
