//! The Merkle tree of RFC 9162 (the same hashing as RFC 6962), over SHA-256.
//!
//! A leaf is hashed as `SHA-256(0x00 ‖ leaf)`, a node as `SHA-256(0x01 ‖ left ‖ right)`, so that a node can
//! never be passed off as a leaf. [`Tree`] keeps every level: building costs O(n) once, each proof
//! after that O(log n). Verification needs no tree, only the proof, and follows the algorithms of
//! RFC 9162 sections 2.1.3.2 and 2.1.4.2 step by step.

use adjourn_domain::canonical::Hash;

/// The hash of a leaf's bytes.
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    Hash::of_parts(&[&[0], leaf])
}

/// The hash of an inner node.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Hash::of_parts(&[&[1], &left.0, &right.0])
}

/// A tree over leaf hashes with all its levels, for many proofs at once.
#[derive(Debug, Clone)]
pub struct Tree {
    /// `levels[0]` are the leaf hashes; a node without a right sibling moves up unchanged.
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// Builds the tree over `leaves` (leaf hashes, not leaves).
    pub fn new(leaves: Vec<Hash>) -> Self {
        let mut levels = Vec::new();
        let mut level = leaves;
        while level.len() > 1 {
            let next = level
                .chunks(2)
                .filter_map(|pair| match pair {
                    [left, right] => Some(node_hash(left, right)),
                    [single] => Some(*single),
                    _ => None,
                })
                .collect();
            levels.push(std::mem::replace(&mut level, next));
        }
        levels.push(level);
        Self { levels }
    }

    /// The number of leaves.
    pub fn size(&self) -> usize {
        self.levels.first().map_or(0, Vec::len)
    }

    /// The root; of the empty tree SHA-256 of nothing.
    pub fn root(&self) -> Hash {
        self.levels.last().and_then(|top| top.first()).copied().unwrap_or_else(|| Hash::of(b""))
    }

    /// The inclusion proof of the leaf at `index`, counted from 0; `None` past the end.
    pub fn inclusion_proof(&self, index: usize) -> Option<Vec<Hash>> {
        if index >= self.size() {
            return None;
        }
        let mut at = index;
        let mut proof = Vec::new();
        for level in &self.levels {
            if let Some(sibling) = level.get(at ^ 1) {
                proof.push(*sibling);
            }
            at >>= 1;
        }
        Some(proof)
    }

    /// The proof that the tree of the first `old` leaves is a prefix of this one; `None` if `old` is 0
    /// or larger than the tree. Empty if the sizes are equal.
    pub fn consistency_proof(&self, old: usize) -> Option<Vec<Hash>> {
        if old == 0 || old > self.size() {
            return None;
        }
        let mut proof = Vec::new();
        let (mut start, mut end, mut known) = (0, self.size(), true);
        let mut target = old;
        // RFC 9162 SUBPROOF, written as a loop: the parts come out top down and are turned round at the end.
        while target < end - start {
            let split = (end - start).next_power_of_two() / 2;
            if target <= split {
                proof.push(self.covering(start + split, end)?);
                end = start + split;
            } else {
                proof.push(self.covering(start, start + split)?);
                start += split;
                target -= split;
                known = false;
            }
        }
        if !known {
            proof.push(self.covering(start, end)?);
        }
        proof.reverse();
        Some(proof)
    }

    /// The node over the leaves `start..end`, a range that the recursion of RFC 9162 yields.
    fn covering(&self, start: usize, end: usize) -> Option<Hash> {
        let height = (end - start).next_power_of_two().trailing_zeros();
        self.levels.get(height as usize)?.get(start >> height).copied()
    }
}

/// The root over leaf hashes.
pub fn root(leaves: &[Hash]) -> Hash {
    Tree::new(leaves.to_vec()).root()
}

/// The inclusion proof of one leaf. For several use [`inclusion_proofs`].
pub fn inclusion_proof(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    Tree::new(leaves.to_vec()).inclusion_proof(index)
}

/// The inclusion proofs of many leaves, at the cost of hashing the tree once; `None` if any index is past
/// the end.
pub fn inclusion_proofs(leaves: &[Hash], indexes: &[usize]) -> Option<Vec<Vec<Hash>>> {
    let tree = Tree::new(leaves.to_vec());
    indexes.iter().map(|index| tree.inclusion_proof(*index)).collect()
}

/// The consistency proof from the first `old` leaves to all of them.
pub fn consistency_proof(leaves: &[Hash], old: usize) -> Option<Vec<Hash>> {
    Tree::new(leaves.to_vec()).consistency_proof(old)
}

/// Does `proof` show that `leaf` (a leaf hash) is at `index` in the tree of `size` leaves with this root?
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = node_hash(sibling, &hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Does `proof` show that the tree of `old_size` leaves is a prefix of the one of `new_size` leaves?
pub fn verify_consistency(
    old_size: u64,
    new_size: u64,
    proof: &[Hash],
    old_root: &Hash,
    new_root: &Hash,
) -> bool {
    if old_size == 0 || old_size > new_size {
        return false;
    }
    if old_size == new_size {
        return proof.is_empty() && old_root == new_root;
    }
    let mut path = proof.iter();
    // A complete old tree is itself the first node of the proof.
    let first = if old_size.is_power_of_two() { Some(old_root) } else { path.next() };
    let Some(first) = first else { return false };
    let (mut at, mut last) = (old_size - 1, new_size - 1);
    while at & 1 == 1 {
        at >>= 1;
        last >>= 1;
    }
    let (mut old, mut new) = (*first, *first);
    for node in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            old = node_hash(node, &old);
            new = node_hash(node, &new);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            new = node_hash(&new, node);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && old == *old_root && new == *new_root
}

#[cfg(test)]
mod tests {
    use adjourn_domain::canonical::unhex;
    use proptest::prelude::*;

    use super::*;

    /// The eight leaves of the reference tests of Certificate Transparency (RFC 6962).
    fn vectors() -> Vec<Hash> {
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
            .iter()
            .map(|leaf| leaf_hash(&unhex(leaf).unwrap()))
            .collect()
    }

    #[test]
    fn roots_are_those_of_the_reference_implementation() {
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let leaves = vectors();
        for (size, expected) in (1..).zip(roots) {
            assert_eq!(root(&leaves[..size]).to_hex(), expected, "size {size}");
        }
        assert_eq!(root(&[]).to_hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    #[test]
    fn proofs_are_those_of_the_reference_implementation() {
        let leaves = vectors();
        let hex = |proof: Vec<Hash>| proof.iter().map(Hash::to_hex).collect::<Vec<_>>();
        assert_eq!(
            hex(inclusion_proof(&leaves, 5).unwrap()),
            [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ]
        );
        assert_eq!(
            hex(consistency_proof(&leaves, 6).unwrap()),
            [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ]
        );
    }

    #[test]
    fn every_proof_of_every_small_tree_holds_and_no_other_place_does() {
        for size in 1..=24_usize {
            let leaves: Vec<Hash> = (0..size).map(|n| leaf_hash(&n.to_be_bytes())).collect();
            let tree = Tree::new(leaves.clone());
            for (index, leaf) in leaves.iter().enumerate() {
                let proof = tree.inclusion_proof(index).unwrap();
                for claimed in 0..size {
                    assert_eq!(
                        verify_inclusion(leaf, claimed as u64, size as u64, &proof, &tree.root()),
                        claimed == index
                    );
                }
            }
            for old in 1..=size {
                let proof = tree.consistency_proof(old).unwrap();
                let (old_root, new_root) = (root(&leaves[..old]), tree.root());
                assert!(verify_consistency(old as u64, size as u64, &proof, &old_root, &new_root));
                if old < size {
                    assert!(!verify_consistency(old as u64, size as u64, &proof, &new_root, &new_root));
                    assert!(!verify_consistency(old as u64, size as u64, &proof, &old_root, &old_root));
                    assert!(!verify_consistency(old as u64, size as u64, &[], &old_root, &new_root));
                }
            }
            assert_eq!(tree.inclusion_proof(size), None);
            assert_eq!(tree.consistency_proof(size + 1), None);
            assert_eq!(tree.consistency_proof(0), None);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn a_changed_proof_or_leaf_never_verifies(size in 1..150_usize, pick in 0..150_usize, bit in 0..256_usize) {
            let leaves: Vec<Hash> = (0..size).map(|n| leaf_hash(&n.to_be_bytes())).collect();
            let index = pick % size;
            let tree = Tree::new(leaves.clone());
            let proof = tree.inclusion_proof(index).unwrap();
            let check = |leaf: &Hash, proof: &[Hash], root: &Hash| {
                verify_inclusion(leaf, index as u64, size as u64, proof, root)
            };
            prop_assert!(check(&leaves[index], &proof, &tree.root()));
            let flip = |hash: &Hash| {
                let mut bytes = hash.0;
                bytes[bit / 8] ^= 1 << (bit % 8);
                Hash(bytes)
            };
            prop_assert!(!check(&flip(&leaves[index]), &proof, &tree.root()));
            prop_assert!(!check(&leaves[index], &proof, &flip(&tree.root())));
            for at in 0..proof.len() {
                let mut changed = proof.clone();
                changed[at] = flip(&changed[at]);
                prop_assert!(!check(&leaves[index], &changed, &tree.root()));
                let mut shorter = proof.clone();
                shorter.remove(at);
                prop_assert!(!check(&leaves[index], &shorter, &tree.root()));
            }
            let mut longer = proof.clone();
            longer.push(leaves[0]);
            prop_assert!(!check(&leaves[index], &longer, &tree.root()));
        }

        #[test]
        fn the_batch_gives_the_same_proofs_as_one_by_one(size in 1..60_usize) {
            let leaves: Vec<Hash> = (0..size).map(|n| leaf_hash(&n.to_be_bytes())).collect();
            let all: Vec<usize> = (0..size).collect();
            let batch = inclusion_proofs(&leaves, &all).unwrap();
            for (index, proof) in batch.iter().enumerate() {
                prop_assert_eq!(Some(proof.clone()), inclusion_proof(&leaves, index));
            }
            prop_assert!(inclusion_proofs(&leaves, &[size]).is_none());
        }
    }
}
