namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>How far a message is on its way to the broker.</summary>
internal enum PublishState
{
    /// <summary>Waits for its turn. Nothing of it has left.</summary>
    Waiting,

    /// <summary>Is being written: its memory is in use.</summary>
    Sending,

    /// <summary>Waits for the broker.</summary>
    Sent,

    /// <summary>Its caller has been told. It may still have its place in the window, for a confirmation that nobody waits for any more.</summary>
    Done,
}
