using Carillon.Deliveries;

namespace Carillon.Testing.Internal;

/// <summary>One without an inbox.</summary>
internal sealed class CrashingPlainStore(IDeliveryStore store, CrashPoints crashes) : CrashingStore(store, crashes);
