package jangter.platform.security;

import jangter.kernel.CustomerId;
import jangter.kernel.InvalidValueException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;

/** A token must be somebody's: its subject is a customer's id, which will stand in events, and so never an address. */
final class NamesACustomer implements OAuth2TokenValidator<Jwt> {

    @Override
    public OAuth2TokenValidatorResult validate(Jwt token) {
        String subject = token.getSubject();
        try {
            if (subject != null) {
                new CustomerId(subject);
                return OAuth2TokenValidatorResult.success();
            }
        } catch (InvalidValueException notAnId) {
            // told below, as where there is none
        }
        return OAuth2TokenValidatorResult.failure(new OAuth2Error(OAuth2ErrorCodes.INVALID_TOKEN, "The sub claim is no customer's id", null));
    }
}
