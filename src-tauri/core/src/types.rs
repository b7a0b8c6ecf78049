//! The window's TypeScript types, made from `View` and `Action`. The committed file must be the one made here:
//! `UPDATE_TYPES=1 cargo test -p usher-core types` rewrites it.

use std::{any::TypeId, collections::BTreeMap, collections::HashSet};

use ts_rs::{Config, TS, TypeVisitor};

struct Declarations {
    config: Config,
    seen: HashSet<TypeId>,
    by_name: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_none() || !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        self.by_name.insert(T::ident(&self.config), T::decl(&self.config));
        T::visit_dependencies(self);
    }
}

fn typescript() -> String {
    let mut found = Declarations { config: Config::default(), seen: HashSet::new(), by_name: BTreeMap::new() };
    found.visit::<crate::View>();
    found.visit::<crate::Action>();
    found.visit::<crate::view::Copied>();
    found.visit::<crate::view::RowFilter>();
    found.visit::<crate::view::Rows>();
    let mut text = String::from("// Made from the Rust types: UPDATE_TYPES=1 cargo test -p usher-core types\n");
    for declaration in found.by_name.values() {
        text.push_str("\nexport ");
        text.push_str(declaration);
        text.push('\n');
    }
    text
}

#[test]
#[expect(clippy::expect_used, reason = "a test may stop at the first surprise")]
fn types_of_the_window_are_current() {
    let fresh = typescript();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/backend/types.ts");
    if std::env::var_os("UPDATE_TYPES").is_some() {
        std::fs::write(path, &fresh).expect("BUG: ui/src/backend is part of the repository");
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == fresh, "ui/src/backend/types.ts is stale: run UPDATE_TYPES=1 cargo test -p usher-core types");
}
