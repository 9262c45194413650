package jangter.payment;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jangter.kernel.ChargeId;
import jangter.kernel.Money;
import jangter.kernel.Require;
import jangter.kernel.WalletId;
import jangter.payment.api.PaymentCommand.ChargeWallet;
import jangter.payment.api.PaymentRefusal;
import jangter.platform.Shop;
import jangter.platform.http.Attempt;
import jangter.platform.http.Caller;
import jangter.platform.http.Once;
import jangter.platform.http.Page;
import jangter.platform.http.PageRequest;
import jangter.platform.messaging.Commands;
import jangter.platform.mongo.Databases;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The customers' door to their wallets: each to the own one, and to no other. */
@RestController
@RequestMapping("/wallets/me")
@Tag(name = "Wallets")
class WalletController {

    private final Wallets wallets;
    private final Commands commands;
    private final Once once;
    private final Shop shop;

    WalletController(Wallets wallets, Commands commands, Databases databases, Shop shop) {
        this.wallets = wallets;
        this.commands = commands;
        this.once = databases.of(PaymentService.NAME).once();
        this.shop = shop;
    }

    /** What is to be put in. */
    record ChargeRequest(Money amount) {
        ChargeRequest {
            Require.that(Require.present("amount", amount).isPositive(), "amount", "must be positive");
        }
    }

    /** What was put in. */
    record Charge(ChargeId chargeId, Money amount) {
    }

    /** What a wallet holds. */
    record WalletDetails(WalletId walletId, Money balance) {
    }

    @PostMapping("/charges")
    @Operation(summary = "Put money into your wallet",
            responses = @ApiResponse(responseCode = "201", description = "Put in", useReturnTypeSchema = true))
    Mono<ResponseEntity<Charge>> charge(Caller caller, Attempt attempt, @RequestBody ChargeRequest request) {
        return once.answer(attempt, request, Charge.class, () -> charge(caller, ChargeId.of(attempt.uuid("charge")), request.amount())
                .map(charge -> ResponseEntity.status(HttpStatus.CREATED).body(charge)));
    }

    private Mono<Charge> charge(Caller caller, ChargeId charge, Money amount) {
        if (!shop.tradesIn(amount)) {
            return Mono.error(PaymentRefusal.OTHER_CURRENCY.because("Wallets are charged in " + shop.currency() + "."));
        }
        return commands.send(new ChargeWallet(WalletId.of(caller.id()), charge, amount)).thenReturn(new Charge(charge, amount));
    }

    @GetMapping
    @Operation(summary = "Your wallet; who never charged has an empty one")
    Mono<WalletDetails> show(Caller caller) {
        WalletId wallet = WalletId.of(caller.id());
        return wallets.balance(wallet).map(balance -> new WalletDetails(wallet, balance));
    }

    @GetMapping("/history")
    @Operation(summary = "What happened to your money, newest first")
    Mono<Page<WalletEntry>> history(Caller caller, PageRequest request) {
        return wallets.history(WalletId.of(caller.id()), request);
    }
}
