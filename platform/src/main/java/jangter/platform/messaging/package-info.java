/** Commands, events and queries: how they are serialized, sent and processed. */
@NullMarked
package jangter.platform.messaging;

import org.jspecify.annotations.NullMarked;
