//! A small file system in memory, which can be full.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::peers::must_run;

/// A mounted tmpfs; taken away when dropped. Mounting needs root, or a container with `CAP_SYS_ADMIN`.
#[derive(Debug)]
pub struct Disk(PathBuf);

impl Disk {
    /// Mounts one at a folder, which is made if needed. Options are those of tmpfs: `size=4m`, `size=1m,ro`.
    pub fn mount(path: &Path, options: &str) -> Self {
        std::fs::create_dir_all(path).expect("the folder can be made");
        let disk = Self(path.to_owned());
        disk.options(options);
        disk
    }

    /// Makes it larger or smaller; what is on it stays.
    pub fn resize(&self, size: &str) {
        self.options(&format!("remount,size={size}"));
    }

    fn options(&self, options: &str) {
        must_run(Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(&self.0));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}
