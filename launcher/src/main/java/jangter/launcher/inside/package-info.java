/**
 * Messages between services and an Axon Server in one JVM, as the objects that they are: no wire, no port, no thread that only hands on. Whoever
 * comes over the port sees the same events and reaches the same handlers.
 */
@NullMarked
package jangter.launcher.inside;

import org.jspecify.annotations.NullMarked;
