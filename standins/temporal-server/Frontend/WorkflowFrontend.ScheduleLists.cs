using Google.Protobuf;
using Grpc.Core;
using Mainstay.TemporalServer.Schedules;
using Mainstay.TemporalServer.Visibility;
using Temporalio.Api.Schedule.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Lists and counts of schedules.</summary>
internal sealed partial class WorkflowFrontend
{
    private const int ListedTimes = 5;

    /// <inheritdoc/>
    public override async Task<ListSchedulesResponse> ListSchedules(ListSchedulesRequest request, ServerCallContext context)
    {
        namespaces.Require(request.Namespace);
        try
        {
            var query = QueryParser.Parse(request.Query);
            var most = request.MaximumPageSize is > 0 and <= LargestPage ? request.MaximumPageSize : LargestPage;
            // One more than asked for tells whether there is another page.
            var found = await store.ListSchedulesAsync(request.Namespace, query.Where, name => attributes.TypeOf(request.Namespace, name), most + 1, request.NextPageToken.ToStringUtf8());
            var page = found.Take(most).ToList();
            return new ListSchedulesResponse
            {
                Schedules = { page.Select(Entry) },
                NextPageToken = found.Count > most ? ByteString.CopyFromUtf8(page[^1].ScheduleId) : ByteString.Empty,
            };
        }
        catch (QueryException e)
        {
            throw ApiErrors.Invalid(e.Message);
        }
    }

    /// <inheritdoc/>
    public override async Task<CountSchedulesResponse> CountSchedules(CountSchedulesRequest request, ServerCallContext context)
    {
        namespaces.Require(request.Namespace);
        try
        {
            var query = QueryParser.Parse(request.Query);
            return new CountSchedulesResponse { Count = await store.CountSchedulesAsync(request.Namespace, query.Where, name => attributes.TypeOf(request.Namespace, name)) };
        }
        catch (QueryException e)
        {
            throw ApiErrors.Invalid(e.Message);
        }
    }

    private ScheduleListEntry Entry(ScheduleRecord record) => new()
    {
        ScheduleId = record.ScheduleId,
        Memo = record.Memo,
        SearchAttributes = record.SearchAttributes,
        Info = new ScheduleListInfo
        {
            Spec = record.Schedule.Spec,
            WorkflowType = record.Schedule.Action?.StartWorkflow?.WorkflowType,
            Notes = record.Schedule.State.Notes,
            Paused = record.Schedule.State.Paused,
            RecentActions = { record.Info.RecentActions.TakeLast(ListedTimes) },
            FutureActionTimes = { new ScheduleChange(record, clock.GetUtcNow()).Future(ListedTimes) },
        },
    };
}
