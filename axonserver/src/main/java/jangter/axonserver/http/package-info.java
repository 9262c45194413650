/** The few addresses of Axon Server's HTTP port that people and scripts use. */
@NullMarked
package jangter.axonserver.http;

import org.jspecify.annotations.NullMarked;
