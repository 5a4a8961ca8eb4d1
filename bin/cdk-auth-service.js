#!/usr/bin/env node
// The local instance is one bundle that carries all it needs: the package has no dependencies.
require('../assets/local/cli.js');
