using System.Runtime.ExceptionServices;
using Temporalio.Api.History.V1;
using Temporalio.Api.Query.V1;
using Temporalio.Worker.Execution.Commands;
using Temporalio.Worker.Interceptors;
using Temporalio.Workflows;

namespace Temporalio.Worker.Execution;

/// <summary>A signal that waits for a handler.</summary>
internal sealed record HandleSignalArguments(IReadOnlyList<Payload> Input, IReadOnlyDictionary<string, Payload>? Headers);

internal sealed partial class WorkflowRun
{
    private readonly UnfinishedHandlers unfinished = new();
    private int runningHandlers;

    /// <summary>Runs the handler of a signal, or keeps the signal until there is one.</summary>
    internal void HandleSignal(WorkflowExecutionSignaledEventAttributes signal)
    {
        var arguments = new HandleSignalArguments(signal.Input?.Payloads_ ?? [], signal.Header?.Fields);
        var definition = signals.GetValueOrDefault(signal.SignalName) ?? DynamicSignal;
        if (definition is null)
        {
            if (!waitingSignals.TryGetValue(signal.SignalName, out var waiting))
            {
                waitingSignals[signal.SignalName] = waiting = [];
            }

            waiting.Enqueue(arguments);
            return;
        }

        StartSignal(signal.SignalName, definition, arguments);
    }

    /// <summary>Validates and runs an update; an accepted one of history is not validated again.</summary>
    internal void HandleUpdate(UpdateMachine machine, bool validate) => Start(() => RunUpdateAsync(machine, validate));

    /// <summary>Answers a query; it may not change the workflow.</summary>
    public WorkflowQueryResult HandleQuery(string id, WorkflowQuery query)
    {
        try
        {
            answering = true;
            if (AnswerItself(query.QueryType) is { } own)
            {
                return new() { ResultType = QueryResultType.Answered, Answer = new() { Payloads_ = { own } } };
            }

            var rest = query.QueryType.StartsWith(ReservedPrefix, StringComparison.Ordinal) ? null : DynamicQuery;
            var definition = queries.GetValueOrDefault(query.QueryType) ?? rest ?? throw new InvalidOperationException(
                $"Query handler for {query.QueryType} expected but not found, known queries: [{string.Join(' ', queries.Keys.Order())}]");
            var method = definition.Method ?? definition.Delegate!.Method;
            var arguments = definition.Dynamic
                ? [query.QueryType, ArgumentReader.Raw(query.QueryArgs?.Payloads_)]
                : ArgumentReader.Read(PayloadConverter, method, query.QueryArgs?.Payloads_ ?? []);
            var answer = ReadOnly(() => inbound!.HandleQuery(new(id, query.QueryType, definition, arguments, query.Header?.Fields)));
            return new() { ResultType = QueryResultType.Answered, Answer = new() { Payloads_ = { PayloadConverter.ToPayload(answer) } } };
        }
        catch (Exception e)
        {
            return new() { ResultType = QueryResultType.Failed, ErrorMessage = e.Message, Failure = details.FailureConverter.ToFailure(e, PayloadConverter) };
        }
        finally
        {
            answering = false;
        }
    }

    private void DeliverWaiting(string name, WorkflowSignalDefinition definition)
    {
        if (waitingSignals.Remove(name, out var waiting))
        {
            foreach (var arguments in waiting)
            {
                StartSignal(name, definition, arguments);
            }
        }
    }

    private void StartSignal(string name, WorkflowSignalDefinition definition, HandleSignalArguments signal) => Start(async () =>
    {
        object?[] arguments;
        try
        {
            arguments = definition.Dynamic
                ? [name, ArgumentReader.Raw(signal.Input)]
                : ArgumentReader.Read(PayloadConverter, definition.Method ?? definition.Delegate!.Method, signal.Input);
        }
        catch (Exception e)
        {
            // A caller's bad arguments must not block the workflow for ever.
            Logger.LogError(e, "Failed to decode signal {Signal}, dropped it", name);
            return;
        }

        await unfinished.TrackAsync<ValueTuple>("signal", name, definition.UnfinishedPolicy, async () =>
        {
            await inbound!.HandleSignalAsync(new(name, definition, arguments, signal.Headers)).ConfigureAwait(true);
            return default;
        }).ConfigureAwait(true);
    });

    private void Start(Func<Task> handler) => _ = Task.Factory.StartNew(
        async () =>
        {
            runningHandlers++;
            try
            {
                await handler().ConfigureAwait(true);
            }
            catch (Exception e)
            {
                HandleFailure(e);
            }
            finally
            {
                runningHandlers--;
            }
        },
        CancellationToken.None,
        TaskCreationOptions.None,
        this);

    private async Task RunUpdateAsync(UpdateMachine machine, bool validate)
    {
        var request = machine.Request;
        UpdateInfo.Value = new(machine.Id, request.Input.Name);
        HandleUpdateInput input;
        try
        {
            var definition = updates.GetValueOrDefault(request.Input.Name) ?? DynamicUpdate ?? throw new InvalidOperationException(
                $"Update handler for {request.Input.Name} expected but not found, known updates: [{string.Join(' ', updates.Keys.Order())}]");
            var arguments = definition.Dynamic
                ? [request.Input.Name, ArgumentReader.Raw(request.Input.Args?.Payloads_)]
                : ArgumentReader.Read(PayloadConverter, definition.Method ?? definition.Delegate!.Method, request.Input.Args?.Payloads_ ?? []);
            input = new(machine.Id, request.Input.Name, definition, arguments, request.Input.Header?.Fields);
            if (validate)
            {
                ReadOnly<object?>(() =>
                {
                    inbound!.ValidateUpdate(input);
                    return null;
                });
            }
        }
        catch (Exception e) when (validate)
        {
            machine.Reject(details.FailureConverter.ToFailure(e, PayloadConverter));
            return;
        }

        machine.Accept();
        try
        {
            var result = await unfinished.TrackAsync("update", input.Update, input.Definition.UnfinishedPolicy, () => inbound!.HandleUpdateAsync(input)).ConfigureAwait(true);
            var hasValue = TaskValue.TypeOf((input.Definition.Method ?? input.Definition.Delegate!.Method).ReturnType) is not null;
            machine.Complete(new() { Success = hasValue ? new Payloads { Payloads_ = { PayloadConverter.ToPayload(result) } } : new Payloads() });
        }
        catch (Exception e) when (IsWorkflowFailure(e))
        {
            machine.Complete(new() { Failure = details.FailureConverter.ToFailure(e, PayloadConverter) });
        }
    }

    /// <summary>The end of the inbound chain: it calls the workflow's own methods.</summary>
    private sealed class Inbound(WorkflowRun run) : WorkflowInboundInterceptor
    {
        public override void Init(WorkflowOutboundInterceptor outbound) => run.outbound = outbound;

        public override Task<object?> ExecuteWorkflowAsync(ExecuteWorkflowInput input) => CallAsync(input.RunMethod, input.Instance, input.Args);

        public override Task HandleSignalAsync(HandleSignalInput input) => input.Definition.Delegate is { } handler
            ? CallAsync(handler.Method, handler.Target, input.Args)
            : CallAsync(input.Definition.Method!, run.Instance, input.Args);

        public override object? HandleQuery(HandleQueryInput input) => input.Definition.Delegate is { } handler
            ? Call(handler.Method, handler.Target, input.Args)
            : Call(input.Definition.Method!, run.Instance, input.Args);

        public override void ValidateUpdate(HandleUpdateInput input)
        {
            if (input.Definition.ValidatorDelegate is { } validator)
            {
                Call(validator.Method, validator.Target, input.Args);
            }
            else if (input.Definition.ValidatorMethod is { } method)
            {
                Call(method, run.Instance, input.Args);
            }
        }

        public override Task<object?> HandleUpdateAsync(HandleUpdateInput input) => input.Definition.Delegate is { } handler
            ? CallAsync(handler.Method, handler.Target, input.Args)
            : CallAsync(input.Definition.Method!, run.Instance, input.Args);

        private static async Task<object?> CallAsync(MethodInfo method, object? target, object?[] arguments) =>
            await TaskValue.AwaitAsync((Task)Call(method, target, arguments)!, continueOnCapturedContext: true).ConfigureAwait(true);

        private static object? Call(MethodInfo method, object? target, object?[] arguments)
        {
            try
            {
                return method.Invoke(method.IsStatic ? null : target, arguments);
            }
            catch (TargetInvocationException e) when (e.InnerException is { } inner)
            {
                ExceptionDispatchInfo.Throw(inner);
                throw;
            }
        }
    }
}
