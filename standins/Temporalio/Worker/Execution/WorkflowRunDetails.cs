using Temporalio.Worker.Interceptors;
using Temporalio.Workflows;

namespace Temporalio.Worker.Execution;

/// <summary>What a run gets from its worker.</summary>
internal sealed record WorkflowRunDetails(
    string Namespace,
    string TaskQueue,
    WorkflowDefinition Definition,
    IPayloadConverter PayloadConverter,
    IFailureConverter FailureConverter,
    IReadOnlyList<IWorkerInterceptor> Interceptors,
    IReadOnlyCollection<Type> FailureExceptionTypes,
    ILoggerFactory LoggerFactory,
    MetricMeter Meter,
    WorkerDeploymentVersion? Version = null);
