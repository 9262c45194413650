/** Databases, views, tokens and sagas in MongoDB. */
@NullMarked
package jangter.platform.mongo;

import org.jspecify.annotations.NullMarked;
