//! axe-core, the usual checker of accessibility, injected into the page as it is.

use std::{fs, path::Path};

use serde_json::Value;

use crate::window::Window;

/// Every violation on the present screen.
pub(crate) async fn violations(window: &Window) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/node_modules/axe-core/axe.min.js");
    let axe = fs::read_to_string(path).expect("axe-core is among the page's packages: `make e2e` installs them");
    window.run(&axe, vec![]).await;
    let found = window
        .run_async(
            "const done = arguments[arguments.length - 1]; \
             axe.run(document, { resultTypes: ['violations'] }).then( \
                 (it) => done(it.violations.map((v) => `${v.id}: ${v.help}\\n` + v.nodes.map((n) => `    ${n.html}\\n    ${n.failureSummary}`).join('\\n'))), \
                 (error) => done([String(error)]))",
            vec![],
        )
        .await;
    found.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}
