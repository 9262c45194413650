/** The operators' console: a web page over what the services tell over HTTP, and over the events as Axon Server tells them. */
@NullMarked
package jangter.console;

import org.jspecify.annotations.NullMarked;
