/** Tokens for trying out on one's own machine: an issuer that believes whoever asks. No service depends on it. */
@NullMarked
package jangter.launcher.issuer;

import org.jspecify.annotations.NullMarked;
