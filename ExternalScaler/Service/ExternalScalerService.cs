using Grpc.Core;
using Keda.Inference.ExternalScaler.Decisions;
using Keda.Inference.ExternalScaler.Protos;
using Keda.Inference.ExternalScaler.Push;
using Keda.Inference.ExternalScaler.Triggers;
using Contract = Keda.Inference.ExternalScaler.Protos.ExternalScaler;

namespace Keda.Inference.ExternalScaler.Service;

/// <summary>KEDA's contract. KEDA calls the three unary RPCs at every poll and at every sync of the HPA, so asking twice decides once.</summary>
internal sealed class ExternalScalerService(DecisionEngine engine, ActivityStream stream, TriggerCache triggers) : Contract.ExternalScalerBase
{
    /// <summary>Constant: the HPA's target is refreshed only when the ScaledObject is reconciled.</summary>
    public override Task<GetMetricSpecResponse> GetMetricSpec(ScaledObjectRef request, ServerCallContext context) =>
        Task.FromResult(MetricContract.Spec(ScaledObjectCall.Of(request, triggers).Key.Queue));

    public override async Task<GetMetricsResponse> GetMetrics(GetMetricsRequest request, ServerCallContext context)
    {
        var (key, settings) = ScaledObjectCall.Of(request.ScaledObjectRef, triggers);
        var evaluation = context.RequestHeaders.GetValue(MetricContract.InspectHeader) is null
            ? await engine.EvaluateAsync(key, settings, context.CancellationToken)
            : await engine.InspectAsync(key, settings, context.CancellationToken);
        context.ResponseTrailers.Add(MetricContract.ReasonTrailer, MetricContract.Trailer(evaluation.Decision.Reason));
        return MetricContract.Value(key.Queue, evaluation.Decision.DesiredReplicas);
    }

    public override async Task<IsActiveResponse> IsActive(ScaledObjectRef request, ServerCallContext context)
    {
        var (key, settings) = ScaledObjectCall.Of(request, triggers);
        return new IsActiveResponse { Result = await engine.IsActiveAsync(key, settings, context.CancellationToken) };
    }

    public override Task StreamIsActive(
        ScaledObjectRef request, IServerStreamWriter<IsActiveResponse> responseStream, ServerCallContext context)
    {
        var (key, settings) = ScaledObjectCall.Of(request, triggers);
        return stream.RunAsync(
            key, settings, active => responseStream.WriteAsync(new IsActiveResponse { Result = active }), context.CancellationToken);
    }
}
