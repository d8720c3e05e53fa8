using System.Text;
using Carillon.Conformance;
using Carillon.Deliveries;
using Carillon.Sagas;
using Carillon.Testing;

namespace Carillon.Stores.Tests.Sagas;

/// <summary>State that was saved by another version of the application.</summary>
public abstract class SagaStateTests<TStores> : SagaTestBase<TStores>
    where TStores : TestStores, new()
{
    [Fact] // D2
    public async Task State_that_was_saved_with_an_earlier_version_is_turned_into_what_it_is_today()
    {
        await SaveCardAsync(version: 1, """{"usedTimes":4}""");
        await using var application = await StartAsync();

        await application.DispatchAsync(new CardUsed(7));
        await application.DrainAsync();

        var card = (await application.Sagas.FindAsync("card", "7", Cancel))!.Saga;
        (card.StateVersion, card.State).ShouldBe((2, """{"uses":5}"""));
    }

    [Fact] // D2
    public async Task State_that_was_saved_with_a_later_version_is_left_alone_and_the_event_comes_again()
    {
        await SaveCardAsync(version: 3, """{"everything":"else"}""");
        await using var application = await StartAsync();

        await application.DispatchAsync(new CardUsed(7));
        await application.DrainAsync();

        (await OpenAsync()).ShouldHaveSingleItem().Error.ShouldNotBeNull().ShouldContain("was saved with version 3 of its state, and this application knows up to 2");
        (await application.Sagas.FindAsync("card", "7", Cancel))!.Saga.State.ShouldBe("""{"everything":"else"}""");
    }

    [Fact] // D2
    public async Task State_that_cannot_be_read_fails_the_attempt_and_says_what_to_do()
    {
        await SaveCardAsync(version: 2, """{"uses":"many"}""");
        await using var application = await StartAsync();

        await application.DispatchAsync(new CardUsed(7));
        await application.DrainAsync();

        var error = (await OpenAsync()).ShouldHaveSingleItem().Error.ShouldNotBeNull();
        error.ShouldContain("The state of the saga 'card' with the key '7', of version 2, cannot be read as");
        error.ShouldContain("raise the version in [Saga] and override Upgrade");
    }

    private async Task SaveCardAsync(int version, string state)
    {
        var now = Time.GetUtcNow();
        var saga = new SagaInstance
        {
            Saga = "card",
            Key = "7",
            Status = SagaStatus.Running,
            Version = 1,
            StateVersion = version,
            State = Encoding.UTF8.GetBytes(state),
            Progress = "{}"u8.ToArray(),
            StartedAt = now,
            UpdatedAt = now,
        };
        (await ((ISagaStore)Store).SaveAsync(transaction: null, saga, new SagaEntry(1, now, "CardProcess.Issue", "card.issued", Guid.CreateVersion7(Time.GetUtcNow()), SagaStatus.Running), Cancel)).ShouldBeTrue();
    }
}
