"""Raw corpora to three splits of clean, unique, validated comments."""
