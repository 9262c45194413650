/** The words of the inventory context. */
@NullMarked
package jangter.inventory.api;

import org.jspecify.annotations.NullMarked;
