/** The words of the order context: its commands, events, queries and refusals. */
@NullMarked
package jangter.order.api;

import org.jspecify.annotations.NullMarked;
