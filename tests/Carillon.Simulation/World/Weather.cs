namespace Carillon.Simulation.World;

/// <summary>How likely it is that something goes wrong at a step.</summary>
internal sealed class Weather
{
    /// <summary>A call fails before anything has happened.</summary>
    internal double Refused { get; private set; }

    /// <summary>A call has happened, and its answer is lost.</summary>
    internal double AnswerLost { get; private set; }

    /// <summary>A driver sends a call a second time, since it has not seen the answer.</summary>
    internal double Repeated { get; private set; }

    /// <summary>A listener throws.</summary>
    internal double ListenerFails { get; private set; }

    /// <summary>A process dies at a step.</summary>
    internal double Crash { get; private set; }

    /// <summary>A process is stopped in an orderly way.</summary>
    internal double Stop { get; private set; }

    /// <summary>Some runs have much of one fault, some of another, some have none.</summary>
    internal static Weather Of(Random random)
    {
        double Some(double most) => random.Next(3) == 0 ? 0 : random.NextDouble() * most;
        return new()
        {
            Refused = Some(0.1),
            AnswerLost = Some(0.1),
            Repeated = Some(0.2),
            ListenerFails = Some(0.4),
            Crash = Some(0.02),
            Stop = Some(0.005),
        };
    }

    /// <summary>From now on nothing goes wrong: whatever is still to come has to come.</summary>
    internal void Calm() => (Refused, AnswerLost, Repeated, ListenerFails, Crash, Stop) = (0, 0, 0, 0, 0, 0);
}
