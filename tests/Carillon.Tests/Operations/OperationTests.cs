using Carillon.Listeners;
using Carillon.Operations;
using Carillon.Testing;

namespace Carillon.Tests.Operations;

public sealed class OperationTests
{
    private readonly List<string> _calls = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_work_runs_between_those_who_listen_before_and_those_who_listen_after()
    {
        await using var app = await Application.StartAsync(carillon => carillon
            .Listen<Before<CreateBoat>>(e => _calls.Add($"before {e.Operation.Name}"))
            .Listen<After<CreateBoat, int>>(e => _calls.Add($"after {e.Operation.Name} {e.Result}"))
            .Listen<After<CreateBoat>>(e => _calls.Add($"after {e.Operation.Name}"))
            .Listen<AfterOperation>(e => _calls.Add(e.Name)));

        var result = await app.Events.RunAsync(new CreateBoat("Otter"), Create, Token);

        result.ShouldBe(5);
        _calls.ShouldBe(["before Otter", "work Otter", "after Otter 5", "after Otter", "boat.create"]);
    }

    [Fact]
    public async Task A_listener_changes_the_operation_before_it_runs()
    {
        await using var app = await Application.StartAsync(carillon => carillon
            .Listen<Before<CreateBoat>>(e => e.Operation = e.Operation with { Name = e.Operation.Name.Trim() })
            .Listen<Before<CreateBoat>>(e => _calls.Add($"before {e.Operation.Name}"))
            .Listen<After<CreateBoat>>(e => _calls.Add($"after {e.Operation.Name}")));

        (await app.Events.RunAsync(new CreateBoat("  Otter "), Create, Token)).ShouldBe(5);

        _calls.ShouldBe(["before Otter", "work Otter", "after Otter"]);
    }

    [Fact]
    public async Task A_veto_keeps_the_work_and_whoever_comes_later_from_running()
    {
        await using var app = await Application.StartAsync(carillon => carillon
            .Listen<Before<CreateBoat>>(CheckQuota)
            .Listen<Before<CreateBoat>>(_ => _calls.Add("late"))
            .Listen<AfterOperation>(_ => _calls.Add("after")));

        var refused = await Should.ThrowAsync<OperationVetoedException>(async () => await app.Events.RunAsync(new CreateBoat("Otter"), Create, Token));
        var outcome = await app.Events.TryRunAsync(new CreateBoat("Otter"), Create, Token);

        refused.Message.ShouldBe("The operation 'boat.create' was refused by 'CheckQuota': The harbour is full.");
        (refused.OperationName, refused.Reason, refused.VetoedBy).ShouldBe(("boat.create", "The harbour is full.", "CheckQuota"));
        (outcome.IsVetoed, outcome.VetoReason, outcome.VetoedBy).ShouldBe((true, "The harbour is full.", "CheckQuota"));
        Should.Throw<OperationVetoedException>(() => outcome.Result);
        _calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_operation_that_nobody_refuses_gives_its_result()
    {
        await using var app = await Application.StartAsync(_ => { });

        var outcome = await app.Events.TryRunAsync(new CreateBoat("Otter"), Create, Token);

        (outcome.IsVetoed, outcome.VetoReason, outcome.Result).ShouldBe((false, null, 5));
    }

    [Fact]
    public async Task An_operation_without_a_result_is_run_too()
    {
        await using var app = await Application.StartAsync(carillon => carillon
            .Listen<After<CreateBoat, NoResult>>(e => _calls.Add($"after {e.Operation.Name}")));

        await app.Events.RunAsync(new CreateBoat("Otter"), async (boat, token) => { await Create(boat, token); }, Token);

        _calls.ShouldBe(["work Otter", "after Otter"]);
    }

    [Fact]
    public async Task Work_that_fails_has_nothing_after_it()
    {
        var failure = new InvalidOperationException("sunk");
        await using var app = await Application.StartAsync(carillon => carillon.Listen<AfterOperation>(_ => _calls.Add("after")));

        var thrown = await Should.ThrowAsync<InvalidOperationException>(
            async () => await app.Events.RunAsync(new CreateBoat("Otter"), (_, _) => ValueTask.FromException<int>(failure), Token));

        thrown.ShouldBeSameAs(failure);
        _calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_listener_that_fails_before_the_work_keeps_it_from_running()
    {
        var failure = new InvalidOperationException("no");
        await using var app = await Application.StartAsync(carillon => carillon.Listen<BeforeOperation>(_ => throw failure));

        var thrown = await Should.ThrowAsync<InvalidOperationException>(async () => await app.Events.RunAsync(new CreateBoat("Otter"), Create, Token));

        thrown.ShouldBeSameAs(failure);
        _calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_operation_has_a_name_and_is_heard_by_it()
    {
        await using var app = await Application.StartAsync(carillon => carillon
            .Listen("boat.create.before", (NamedEvent e) => _calls.Add($"{e.Name} {((BeforeOperation)e.Payload!).Name}"))
            .Listen("*.*.after", (After<CreateBoat, int> e) => _calls.Add($"after {e.Result}")));

        await app.Events.RunAsync(new CreateBoat("Otter"), Create, Token);

        _calls.ShouldBe(["boat.create.before boat.create", "work Otter", "after 5"]);
    }

    [Fact]
    public async Task A_name_is_run_as_an_operation_with_any_payload()
    {
        await using var app = await Application.StartAsync(carillon => carillon
            .Listen("user.create.before", (Before<Dictionary<string, string>> e) => e.Operation["email"] = "a@example.com")
            .Listen("user.#", (NamedEvent e) => _calls.Add(e.Name)));

        var email = await app.Events.RunAsync(
            "user.create",
            new Dictionary<string, string>(),
            (form, _) =>
            {
                _calls.Add("work");
                return ValueTask.FromResult(form["email"]);
            },
            Token);
        await app.Events.RunAsync("user.forget", 5, (_, _) => ValueTask.CompletedTask, Token);

        email.ShouldBe("a@example.com");
        _calls.ShouldBe(["user.create.before", "work", "user.create.after", "user.forget.before", "user.forget.after"]);
    }

    [Fact]
    public async Task A_name_is_refused_by_a_listener_of_any_operation()
    {
        await using var app = await Application.StartAsync(carillon => carillon
            .Listen("*.delete.before", (BeforeOperation e) => e.Veto("Nothing is ever deleted.")));

        var refused = await Should.ThrowAsync<OperationVetoedException>(
            async () => await app.Events.RunAsync("user.delete", 5, (_, _) => ValueTask.FromResult(true), Token));
        var outcome = await app.Events.TryRunAsync("user.keep", 5, (_, _) => ValueTask.FromResult(true), Token);

        refused.OperationName.ShouldBe("user.delete");
        outcome.Result.ShouldBeTrue();
    }

    [Fact]
    public async Task A_name_whose_payload_is_the_operation_of_this_name_reaches_typed_listeners_once()
    {
        await using var app = await Application.StartAsync(carillon => carillon
            .Listen<Before<CreateBoat>>(_ => _calls.Add("type"))
            .Listen("boat.#", (NamedEvent e) => _calls.Add(e.Name)));

        await app.Events.RunAsync("boat.create", new CreateBoat("Otter"), Create, Token);

        _calls.ShouldBe(["type", "boat.create.before", "work Otter", "boat.create.after"]);
    }

    [Theory]
    [InlineData("user.*")]
    [InlineData("")]
    public async Task A_pattern_is_no_operation(string name)
    {
        await using var app = await Application.StartAsync(_ => { });

        await Should.ThrowAsync<ArgumentException>(async () => await app.Events.RunAsync(name, 5, (_, _) => ValueTask.FromResult(true), Token));
    }

    [Fact]
    public async Task A_durable_listener_before_an_operation_is_refused_and_one_after_it_runs()
    {
        var refused = await Should.ThrowAsync<CarillonConfigurationException>(() => Application.StartAsync(carillon => carillon
            .UseInMemory()
            .Listen<Before<CreateBoat>>(_ => { }, options => (options.Delivery, options.Id) = (Delivery.Durable, "too late"))));
        refused.Problems.ShouldHaveSingleItem();
        refused.Message.ShouldContain("'too late'");
        refused.Message.ShouldContain("runs when the operation is over");

        await using var app = await Application.StartAsync(carillon => carillon
            .UseInMemory()
            .RunDeliveriesByHand()
            .Listen<After<CreateBoat, int>>(
                e => _calls.Add($"{e.Name} {e.Operation.Name} {e.Result}"), options => (options.Delivery, options.Id) = (Delivery.Durable, "after")));
        await app.Events.RunAsync(new CreateBoat("Otter"), Create, Token);
        await app.Services.DrainDeliveriesAsync(cancellationToken: Token);

        _calls.ShouldBe(["work Otter", "boat.create Otter 5"]);
    }

    [Fact]
    public async Task An_operation_cannot_be_replaced_by_nothing()
    {
        await using var app = await Application.StartAsync(carillon => carillon.Listen<Before<CreateBoat>>(e => e.Operation = null!));

        var error = await Should.ThrowAsync<ArgumentNullException>(async () => await app.Events.RunAsync(new CreateBoat("Otter"), Create, Token));

        error.Message.ShouldContain("'boat.create'");
        error.Message.ShouldContain("Veto");
        _calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_operation_that_is_run_by_a_pattern_is_refused_in_the_words_of_the_caller()
    {
        await using var app = await Application.StartAsync(_ => { });

        var error = await Should.ThrowAsync<ArgumentException>(async () =>
            await app.Events.RunAsync("boat.*", new CreateBoat("Otter"), Create, Token));

        error.Message.ShouldContain("'boat.*'");
        error.Message.ShouldNotContain(".before");
        error.ParamName.ShouldBe("name");
    }

    private void CheckQuota(Before<CreateBoat> e)
    {
        e.Veto("The harbour is full.");
        e.Veto("And another reason, which comes too late.");
    }

    private ValueTask<int> Create(CreateBoat boat, CancellationToken cancellationToken)
    {
        _calls.Add($"work {boat.Name}");
        return ValueTask.FromResult(boat.Name.Length);
    }

    [Operation("boat.create")]
    internal sealed record CreateBoat(string Name);
}
