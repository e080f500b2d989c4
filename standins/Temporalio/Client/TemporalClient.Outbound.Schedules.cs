using Temporalio.Api.Schedule.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client.Interceptors;
using Temporalio.Client.Schedules;

namespace Temporalio.Client;

public partial class TemporalClient
{
    private sealed partial class Outbound
    {
        public override async Task<ScheduleHandle> CreateScheduleAsync(CreateScheduleInput input)
        {
            var options = input.Options ?? new();
            var request = new CreateScheduleRequest
            {
                Namespace = client.Options.Namespace,
                ScheduleId = input.Id,
                Schedule = await input.Schedule.ToProtoAsync(Converter).ConfigureAwait(false),
                InitialPatch = !options.TriggerImmediately && options.Backfills.Count == 0 ? null : new()
                {
                    TriggerImmediately = options.TriggerImmediately ? new() { OverlapPolicy = input.Schedule.Policy.Overlap } : null,
                    BackfillRequest = { options.Backfills.Select(backfill => backfill.ToProto()) },
                },
                Identity = Identity,
                RequestId = Guid.NewGuid().ToString(),
                Memo = await Requests.MemoAsync(Converter, options.Memo).ConfigureAwait(false),
                SearchAttributes = options.TypedSearchAttributes?.ToProto(),
            };
            try
            {
                await Service.CreateScheduleAsync(request, Requests.Retried(options.Rpc)).ConfigureAwait(false);
            }
            catch (RpcException e) when (e.Code == RpcException.StatusCode.AlreadyExists)
            {
                throw new ScheduleAlreadyRunningException();
            }

            return new(client, input.Id);
        }

        public override async IAsyncEnumerable<ScheduleListDescription> ListSchedulesAsync(ListSchedulesInput input)
        {
            var token = ByteString.Empty;
            do
            {
                var page = await Service.ListSchedulesAsync(
                    new() { Namespace = client.Options.Namespace, Query = input.Options?.Query ?? string.Empty, NextPageToken = token }, Requests.Retried(input.Options?.Rpc)).ConfigureAwait(false);
                foreach (var entry in page.Schedules)
                {
                    yield return new(entry, Converter);
                }

                token = page.NextPageToken;
            }
            while (!token.IsEmpty);
        }

        public override Task BackfillScheduleAsync(BackfillScheduleInput input) =>
            PatchAsync(input.Id, new() { BackfillRequest = { input.Backfills.Select(backfill => backfill.ToProto()) } }, input.RpcOptions);

        public override Task DeleteScheduleAsync(DeleteScheduleInput input) => Service.DeleteScheduleAsync(
            new() { Namespace = client.Options.Namespace, ScheduleId = input.Id, Identity = Identity }, Requests.Retried(input.RpcOptions));

        public override async Task<ScheduleDescription> DescribeScheduleAsync(DescribeScheduleInput input) => new(
            input.Id,
            await Service.DescribeScheduleAsync(new() { Namespace = client.Options.Namespace, ScheduleId = input.Id }, Requests.Retried(input.RpcOptions)).ConfigureAwait(false),
            Converter);

        public override Task PauseScheduleAsync(PauseScheduleInput input) => PatchAsync(input.Id, new() { Pause = input.Note ?? "Paused via .NET SDK" }, input.RpcOptions);

        public override Task TriggerScheduleAsync(TriggerScheduleInput input) =>
            PatchAsync(input.Id, new() { TriggerImmediately = new() { OverlapPolicy = input.Options?.Overlap ?? ScheduleOverlapPolicy.Unspecified } }, input.Options?.Rpc);

        public override Task UnpauseScheduleAsync(UnpauseScheduleInput input) => PatchAsync(input.Id, new() { Unpause = input.Note ?? "Unpaused via .NET SDK" }, input.RpcOptions);

        public override async Task UpdateScheduleAsync(UpdateScheduleInput input)
        {
            var description = await client.OutboundInterceptor.DescribeScheduleAsync(new(input.Id, input.RpcOptions)).ConfigureAwait(false);
            if (await input.Updater(new(description)).ConfigureAwait(false) is not { } update)
            {
                return;
            }

            await Service.UpdateScheduleAsync(
                new()
                {
                    Namespace = client.Options.Namespace,
                    ScheduleId = input.Id,
                    Schedule = await update.Schedule.ToProtoAsync(Converter).ConfigureAwait(false),
                    ConflictToken = description.RawDescription.ConflictToken,
                    Identity = Identity,
                    RequestId = Guid.NewGuid().ToString(),
                    SearchAttributes = update.TypedSearchAttributes?.ToProto(),
                },
                Requests.Retried(input.RpcOptions)).ConfigureAwait(false);
        }

        private Task PatchAsync(string id, SchedulePatch patch, RpcOptions? options) => Service.PatchScheduleAsync(
            new() { Namespace = client.Options.Namespace, ScheduleId = id, Patch = patch, Identity = Identity, RequestId = Guid.NewGuid().ToString() },
            Requests.Retried(options));
    }
}
