using System.Text.Json.Nodes;

namespace Carillon.Stores.Tests.Sagas;

[Event("card.issued")]
public sealed record CardIssued(int Card);

[Event("card.used")]
public sealed record CardUsed(int Card);

public sealed class CardState
{
    public int Uses { get; set; }
}

/// <summary>Its state had another shape once.</summary>
[Saga("card", Version = 2)]
[CorrelatedBy("Card")]
internal sealed class CardProcess : Saga<CardState>
{
    [StartedBy]
    public void Issue(CardIssued e) => State.Uses = 0;

    [OnEvent]
    public void Use(CardUsed e) => State.Uses++;

    protected override JsonObject Upgrade(JsonObject state, int version)
    {
        state["uses"] = state["usedTimes"]!.GetValue<int>();
        state.Remove("usedTimes");
        return state;
    }
}
