package jangter.kernel;

/** A value that no honest caller sends: it breaks its type's own rule. Answered 400; the message names the field and the rule, never the value. */
public class InvalidValueException extends IllegalArgumentException {

    public InvalidValueException(String field, String rule) {
        super(field + " " + rule);
    }
}
