using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client.Interceptors;

namespace Temporalio.Client;

public partial class TemporalClient
{
    /// <summary>The end of the interceptor chain: it makes the calls.</summary>
    private sealed partial class Outbound(TemporalClient client) : ClientOutboundInterceptor
    {
        private WorkflowService Service => client.Connection.WorkflowService;

        private DataConverter Converter => client.Options.DataConverter;

        private string Identity => client.Connection.Options.Identity ?? $"{Environment.ProcessId}@{Environment.MachineName}";

        public override Task<WorkflowHandle<TWorkflow, TResult>> StartWorkflowAsync<TWorkflow, TResult>(StartWorkflowInput input) =>
            WorkflowStarts.StartAsync<TWorkflow, TResult>(client, input);

        public override Task<WorkflowUpdateHandle<TUpdateResult>> StartUpdateWithStartWorkflowAsync<TUpdateResult>(StartUpdateWithStartWorkflowInput input) =>
            WorkflowUpdates.StartWithStartAsync<TUpdateResult>(client, input);

        public override Task<WorkflowUpdateHandle<TResult>> StartWorkflowUpdateAsync<TResult>(StartWorkflowUpdateInput input) =>
            WorkflowUpdates.StartAsync<TResult>(client, input);

        public override Task HeartbeatAsyncActivityAsync(HeartbeatAsyncActivityInput input) => AsyncActivities.HeartbeatAsync(client, input);

        public override Task CompleteAsyncActivityAsync(CompleteAsyncActivityInput input) => AsyncActivities.CompleteAsync(client, input);

        public override Task FailAsyncActivityAsync(FailAsyncActivityInput input) => AsyncActivities.FailAsync(client, input);

        public override Task ReportCancellationAsyncActivityAsync(ReportCancellationAsyncActivityInput input) =>
            AsyncActivities.ReportCancellationAsync(client, input);

        public override async Task SignalWorkflowAsync(SignalWorkflowInput input)
        {
            var request = new SignalWorkflowExecutionRequest
            {
                Namespace = client.Options.Namespace,
                WorkflowExecution = Requests.Execution(input.Id, input.RunId),
                SignalName = input.Signal,
                Input = await Requests.PayloadsAsync(Converter, input.Args).ConfigureAwait(false),
                Identity = Identity,
                RequestId = Guid.NewGuid().ToString(),
                Header = Requests.Header(input.Headers),
            };
            await Service.SignalWorkflowExecutionAsync(request, Requests.Retried(input.Options?.Rpc)).ConfigureAwait(false);
        }

        public override async Task<TResult> QueryWorkflowAsync<TResult>(QueryWorkflowInput input)
        {
            var request = new QueryWorkflowRequest
            {
                Namespace = client.Options.Namespace,
                Execution = Requests.Execution(input.Id, input.RunId),
                Query = new()
                {
                    QueryType = input.Query,
                    QueryArgs = await Requests.PayloadsAsync(Converter, input.Args).ConfigureAwait(false),
                    Header = Requests.Header(input.Headers),
                },
                QueryRejectCondition = input.Options?.RejectCondition ?? client.Options.QueryRejectCondition ?? QueryRejectCondition.None,
            };
            QueryWorkflowResponse response;
            try
            {
                response = await Service.QueryWorkflowAsync(request, Requests.Retried(input.Options?.Rpc)).ConfigureAwait(false);
            }
            catch (RpcException e) when (e.Detail<Api.ErrorDetails.V1.QueryFailedFailure>() is not null)
            {
                throw new WorkflowQueryFailedException(e.Message);
            }

            return response.QueryRejected is { } rejected
                ? throw new WorkflowQueryRejectedException(rejected.Status)
                : await WorkflowResult.ValueAsync<TResult>(Converter, response.QueryResult).ConfigureAwait(false);
        }

        public override async Task<WorkflowExecutionDescription> DescribeWorkflowAsync(DescribeWorkflowInput input)
        {
            var request = new DescribeWorkflowExecutionRequest { Namespace = client.Options.Namespace, Execution = Requests.Execution(input.Id, input.RunId) };
            return new(await Service.DescribeWorkflowExecutionAsync(request, Requests.Retried(input.Options?.Rpc)).ConfigureAwait(false), Converter);
        }

        public override Task CancelWorkflowAsync(CancelWorkflowInput input) => Service.RequestCancelWorkflowExecutionAsync(
            new()
            {
                Namespace = client.Options.Namespace,
                WorkflowExecution = Requests.Execution(input.Id, input.RunId),
                FirstExecutionRunId = input.FirstExecutionRunId ?? string.Empty,
                Identity = Identity,
                RequestId = Guid.NewGuid().ToString(),
            },
            Requests.Retried(input.Options?.Rpc));

        public override async Task TerminateWorkflowAsync(TerminateWorkflowInput input)
        {
            var request = new TerminateWorkflowExecutionRequest
            {
                Namespace = client.Options.Namespace,
                WorkflowExecution = Requests.Execution(input.Id, input.RunId),
                FirstExecutionRunId = input.FirstExecutionRunId ?? string.Empty,
                Reason = input.Reason ?? string.Empty,
                Details = await Requests.PayloadsAsync(Converter, input.Options?.Details ?? []).ConfigureAwait(false),
                Identity = Identity,
            };
            await Service.TerminateWorkflowExecutionAsync(request, Requests.Retried(input.Options?.Rpc)).ConfigureAwait(false);
        }

        public override async Task<WorkflowHistoryEventPage> FetchWorkflowHistoryEventPageAsync(FetchWorkflowHistoryEventPageInput input)
        {
            var request = new GetWorkflowExecutionHistoryRequest
            {
                Namespace = client.Options.Namespace,
                Execution = Requests.Execution(input.Id, input.RunId),
                MaximumPageSize = input.PageSize ?? 0,
                NextPageToken = ByteString.CopyFrom(input.NextPageToken ?? []),
                WaitNewEvent = input.WaitNewEvent,
                HistoryEventFilterType = input.EventFilterType,
                SkipArchival = input.SkipArchival,
            };
            var response = await Service.GetWorkflowExecutionHistoryAsync(request, Requests.Retried(input.Rpc)).ConfigureAwait(false);
            return new(response.History?.Events ?? [], response.NextPageToken.IsEmpty ? null : response.NextPageToken.ToByteArray());
        }

        public override async IAsyncEnumerable<WorkflowExecution> ListWorkflowsAsync(ListWorkflowsInput input)
        {
            byte[]? token = null;
            var left = input.Options?.Limit is > 0 and var limit ? limit : int.MaxValue;
            do
            {
                var page = await client.OutboundInterceptor.ListWorkflowsPaginatedAsync(new(input.Query, token, new() { Rpc = input.Options?.Rpc })).ConfigureAwait(false);
                foreach (var workflow in page.Workflows.Take(left))
                {
                    left--;
                    yield return workflow;
                }

                token = page.NextPageToken;
            }
            while (token is not null && left > 0);
        }

        public override async Task<WorkflowExecutionCount> CountWorkflowsAsync(CountWorkflowsInput input) =>
            new(await Service.CountWorkflowExecutionsAsync(
                new() { Namespace = client.Options.Namespace, Query = input.Query }, Requests.Retried(input.Options?.Rpc)).ConfigureAwait(false));

        public override async Task<WorkflowListPage> ListWorkflowsPaginatedAsync(ListWorkflowsPaginatedInput input)
        {
            var request = new ListWorkflowExecutionsRequest
            {
                Namespace = client.Options.Namespace,
                Query = input.Query,
                PageSize = input.Options?.PageSize ?? 0,
                NextPageToken = ByteString.CopyFrom(input.NextPageToken ?? []),
            };
            var response = await Service.ListWorkflowExecutionsAsync(request, Requests.Retried(input.Options?.Rpc)).ConfigureAwait(false);
            return new(
                [.. response.Executions.Select(info => new WorkflowExecution(info, Converter))],
                response.NextPageToken.IsEmpty ? null : response.NextPageToken.ToByteArray());
        }
    }
}
