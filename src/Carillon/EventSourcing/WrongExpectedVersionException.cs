using System.Globalization;

namespace Carillon.EventSourcing;

/// <summary>The stream is not what the append wants it to be: somebody else has written to it. Nothing was appended.</summary>
/// <remarks>Read the stream again, decide anew, and append with the version that it has now.</remarks>
public sealed class WrongExpectedVersionException : CarillonException
{
    /// <summary>Creates the exception. Stores call this.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="expected">What was wanted.</param>
    /// <param name="actual">The version that the stream has; 0 if there is none.</param>
    public WrongExpectedVersionException(string stream, ExpectedVersion expected, long actual)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"The stream '{stream}' was expected to be at {expected}, and {(actual == 0 ? "does not exist" : $"is at version {actual}")}. Nothing was appended. ")
            + "Somebody else has written to it in between: read it again, decide anew, and append with the version that it has then.")
    {
        Stream = stream;
        Expected = expected;
        Actual = actual;
    }

    /// <summary>The stream.</summary>
    public string Stream { get; }

    /// <summary>What was wanted.</summary>
    public ExpectedVersion Expected { get; }

    /// <summary>The version that the stream has; 0 if there is none.</summary>
    public long Actual { get; }
}
