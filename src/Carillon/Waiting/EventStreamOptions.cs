namespace Carillon.Waiting;

/// <summary>How a stream of events collects what is not read yet.</summary>
public sealed class EventStreamOptions
{
    /// <summary>How many events wait to be read at most. At least 1. Defaults to 1,024.</summary>
    public int Capacity { get; set; } = 1024;

    /// <summary>
    /// What happens to one event more. Defaults to <see cref="Carillon.WhenFull.Wait"/>: nothing is lost, and emitters wait for the reader, who must not
    /// dispatch such events from the loop in which he reads them. With <see cref="Carillon.WhenFull.Fail"/> the reader gets what was collected, then a
    /// <see cref="CarillonException"/>.
    /// </summary>
    public WhenFull WhenFull { get; set; }
}
