namespace Carillon.Transports;

/// <summary>What the transport is to do with an event that was received.</summary>
public enum ReceiveAction
{
    /// <summary>It is done: forget it.</summary>
    Acknowledge,

    /// <summary>Give it to this subscription again, and to no other, when the delay has passed, with the attempt counted. Events behind it are not held up, unless they are of its key and the order is kept.</summary>
    Retry,

    /// <summary>Give it to this subscription again, at once, with nothing counted: the receiver has stopped before it was done.</summary>
    Return,

    /// <summary>It is given up: put it to the dead letters of this subscription, with the reason.</summary>
    DeadLetter,

    /// <summary>This application does not know its name: as <see cref="DeadLetter"/>, marked as parked.</summary>
    Park,
}
