namespace Carillon.Tests.Sagas;

public sealed record LetterWritten(string Letter);

public sealed record LetterPosted(string Letter);

public sealed class LetterState
{
    public int Pages { get; set; }
}

/// <summary>Without attributes: what is registered is said by the tests.</summary>
internal sealed class LetterProcess : Saga<LetterState>
{
    public void Write() => State.Pages++;

    public string ReadKey() => Key;

    public void Post() => Complete();

    public void PostTwice()
    {
        Complete();
        Compensate("too late");
    }
}

public sealed class LossyState
{
    public Action? Then { get; set; }
}
