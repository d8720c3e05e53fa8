namespace Carillon.Stores.Tests.Sagas;

[Event("form.signed")]
public sealed record FormSigned(Guid Case);

[Event("form.stamped")]
public sealed record FormStamped(Guid Case);

[Event("form.filed")]
public sealed record FormFiled(Guid Case);

public sealed class Paperwork
{
    public bool IsSigned { get; set; }

    public bool IsStamped { get; set; }
}

/// <summary>Begun by two events, whichever comes first; what comes too early is left out.</summary>
[Saga("paperwork", Early = EarlyEvents.Ignore)]
[CorrelatedBy("Case")]
internal sealed class PaperworkProcess(Journal journal) : Saga<Paperwork>
{
    [StartedBy]
    public async Task Sign(FormSigned e)
    {
        State.IsSigned = true;
        await MeetAsync();
    }

    [StartedBy]
    public async Task Stamp(FormStamped e)
    {
        State.IsStamped = true;
        await MeetAsync();
    }

    [OnEvent]
    public void File(FormFiled e) => journal.Add("file");

    private Task MeetAsync()
    {
        journal.Add($"{(State.IsSigned ? "signed" : "")}{(State.IsStamped ? "stamped" : "")}");
        return journal.Meeting?.Invoke() ?? Task.CompletedTask;
    }
}
