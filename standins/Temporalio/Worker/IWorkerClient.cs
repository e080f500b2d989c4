using Temporalio.Client;

namespace Temporalio.Worker;

/// <summary>A client that a worker can use.</summary>
public interface IWorkerClient
{
    TemporalClientOptions Options { get; }
}
