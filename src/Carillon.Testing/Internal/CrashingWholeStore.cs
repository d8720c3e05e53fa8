using Carillon.Deliveries;
using Carillon.EventSourcing;
using Carillon.Inbox;
using Carillon.Sagas;

namespace Carillon.Testing.Internal;

/// <summary>One that keeps sagas and streams too. Streams are not reached by a crashed process at all: who reads them is the application.</summary>
internal sealed class CrashingWholeStore(IDeliveryStore store, IInboxStore inbox, ISagaStore sagas, IStreamDatabase streams, CrashPoints crashes)
    : CrashingSagaStore(store, inbox, sagas, crashes), IStreamDatabase
{
    public IStreamStore Streams
    {
        get
        {
            Living();
            return streams.Streams;
        }
    }

    public IProjectionStore Projections
    {
        get
        {
            Living();
            return streams.Projections;
        }
    }
}
