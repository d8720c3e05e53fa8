using Carillon.Deliveries;
using Carillon.Inbox;

namespace Carillon.Testing.Internal;

/// <summary>One with an inbox, and without sagas.</summary>
internal sealed class CrashingPlainInboxStore(IDeliveryStore store, IInboxStore inbox, CrashPoints crashes) : CrashingInboxStore(store, inbox, crashes);
