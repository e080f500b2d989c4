using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mainstay.TemporalServer.Visibility;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Filter.V1;
using Temporalio.Api.Workflow.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Lists and counts of runs.</summary>
internal sealed partial class WorkflowFrontend
{
    private const int LargestPage = 1000;

    /// <inheritdoc/>
    public override async Task<ListWorkflowExecutionsResponse> ListWorkflowExecutions(ListWorkflowExecutionsRequest request, ServerCallContext context)
    {
        var (found, next) = await ListAsync(request.Namespace, request.Query, request.PageSize, request.NextPageToken);
        return new ListWorkflowExecutionsResponse { Executions = { found }, NextPageToken = next };
    }

    /// <inheritdoc/>
    public override async Task<ScanWorkflowExecutionsResponse> ScanWorkflowExecutions(ScanWorkflowExecutionsRequest request, ServerCallContext context)
    {
        var (found, next) = await ListAsync(request.Namespace, request.Query, request.PageSize, request.NextPageToken);
        return new ScanWorkflowExecutionsResponse { Executions = { found }, NextPageToken = next };
    }

    /// <inheritdoc/>
    public override async Task<ListOpenWorkflowExecutionsResponse> ListOpenWorkflowExecutions(ListOpenWorkflowExecutionsRequest request, ServerCallContext context)
    {
        var query = Filter("ExecutionStatus = 'Running'", "StartTime", request.StartTimeFilter, request.ExecutionFilter, request.TypeFilter);
        var (found, next) = await ListAsync(request.Namespace, query, request.MaximumPageSize, request.NextPageToken);
        return new ListOpenWorkflowExecutionsResponse { Executions = { found }, NextPageToken = next };
    }

    /// <inheritdoc/>
    public override async Task<ListClosedWorkflowExecutionsResponse> ListClosedWorkflowExecutions(ListClosedWorkflowExecutionsRequest request, ServerCallContext context)
    {
        var status = request.StatusFilter is { Status: not WorkflowExecutionStatus.Unspecified } asked ? $"ExecutionStatus = '{asked.Status}'" : "ExecutionStatus != 'Running'";
        var query = Filter(status, "CloseTime", request.StartTimeFilter, request.ExecutionFilter, request.TypeFilter);
        var (found, next) = await ListAsync(request.Namespace, query, request.MaximumPageSize, request.NextPageToken);
        return new ListClosedWorkflowExecutionsResponse { Executions = { found }, NextPageToken = next };
    }

    /// <inheritdoc/>
    public override async Task<CountWorkflowExecutionsResponse> CountWorkflowExecutions(CountWorkflowExecutionsRequest request, ServerCallContext context)
    {
        namespaces.Require(request.Namespace);
        try
        {
            var query = QueryParser.Parse(request.Query);
            var counts = await store.CountAsync(request.Namespace, query.Where, name => attributes.TypeOf(request.Namespace, name));
            var response = new CountWorkflowExecutionsResponse { Count = counts.Sum(c => c.Count) };
            if (query.GroupBy is not null)
            {
                response.Groups.AddRange(counts.Select(c => new CountWorkflowExecutionsResponse.Types.AggregationGroup
                {
                    GroupValues = { AttributeValue.Of(IndexedValueType.Keyword, c.Status.ToString()) },
                    Count = c.Count,
                }));
            }

            return response;
        }
        catch (QueryException e)
        {
            throw ApiErrors.Invalid(e.Message);
        }
    }

    private async Task<(IEnumerable<WorkflowExecutionInfo> Found, ByteString Next)> ListAsync(string @namespace, string asked, int pageSize, ByteString token)
    {
        namespaces.Require(@namespace);
        try
        {
            var query = QueryParser.Parse(asked);
            if (query.GroupBy is not null)
            {
                throw QueryException.Unsupported("'GROUP BY' clause");
            }

            var most = pageSize is > 0 and <= LargestPage ? pageSize : LargestPage;
            // One more than asked for tells whether there is another page.
            var found = await store.ListAsync(@namespace, query.Where, name => attributes.TypeOf(@namespace, name), most + 1, After(token));
            var page = found.Take(most).ToList();
            return (page.Select(RunView.Entry), found.Count > most ? Token(page[^1]) : ByteString.Empty);
        }
        catch (QueryException e)
        {
            throw ApiErrors.Invalid(e.Message);
        }
    }

    private static ByteString Token(Executions.RunState last) =>
        ByteString.CopyFromUtf8(string.Create(CultureInfo.InvariantCulture, $"{last.StartTime.ToDateTime().Ticks};{last.RunId}"));

    private static (DateTime StartTime, Guid RunId)? After(ByteString token)
    {
        if (token.IsEmpty)
        {
            return null;
        }

        var parts = token.ToStringUtf8().Split(';');
        return parts.Length == 2 && long.TryParse(parts[0], CultureInfo.InvariantCulture, out var ticks) && ticks is >= 0 and < 3155378975999999999 && Guid.TryParse(parts[1], out var runId)
            ? (new DateTime(ticks, DateTimeKind.Utc), runId)
            : throw ApiErrors.With(StatusCode.Unknown, "something went wrong, please retry", null);
    }

    private static string Filter(string status, string timeAttribute, StartTimeFilter? times, WorkflowExecutionFilter? execution, WorkflowTypeFilter? type)
    {
        var conditions = new List<string> { status };
        void Add(string name, string comparison, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                conditions.Add($"{name} {comparison} '{value.Replace("'", "''", StringComparison.Ordinal)}'");
            }
        }

        Add(timeAttribute, ">=", Text(times?.EarliestTime));
        Add(timeAttribute, "<=", Text(times?.LatestTime));
        Add("WorkflowId", "=", execution?.WorkflowId);
        Add("RunId", "=", execution?.RunId);
        Add("WorkflowType", "=", type?.Name);
        return string.Join(" AND ", conditions);
    }

    private static string? Text(Timestamp? time) => !WireTimes.IsValid(time) ? throw ApiErrors.Invalid("A time of the filter is not valid.") : time?.ToDateTime().ToString("O", CultureInfo.InvariantCulture);
}
