# syntax=docker/dockerfile:1.7
# The worker: takes pictures from the queue and classifies them with ONNX Runtime.
#
#   docker build -f deploy/docker/worker.Dockerfile -t keda-inference/worker:0.1.0 .
#   docker buildx build --platform linux/amd64,linux/arm64 -f deploy/docker/worker.Dockerfile -t REGISTRY/keda-inference/worker:0.1.0 --push .
#
#   --build-arg MODEL=zoo     the default: the ONNX zoo's ResNet18, its checksum pinned; for another file also give MODEL_URL, MODEL_SHA256
#                             and MODEL_FILE (its name in the image)
#   --build-arg MODEL=none    no model: mount one and set Model__Path, or answers come from an untrained network
#   --build-arg MODEL=int8 --build-context calibration=FOLDER
#                             also the quantised model, calibrated with the pictures in FOLDER; serve it with Model__Precision=int8
#
# About 215 MB unpacked (115 MB to pull): 110 MB .NET runtime, 57 MB ONNX Runtime, Skia and code, 47 MB model.
# No HEALTHCHECK: Kubernetes and compose probe /livez and /readyz, and the image has no shell or curl to do it from inside.

ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0-noble
# Any image with the ASP.NET Core 10 runtime; the default has no shell, no package manager and no root user in use.
ARG BASE_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
# zoo, none or int8
ARG MODEL=zoo
ARG MODEL_FILE=resnet18-v1-7.onnx

# Compiles on the builder's own architecture for the target's: nothing is emulated.
FROM --platform=$BUILDPLATFORM ${SDK_IMAGE} AS build
ARG TARGETARCH
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
WORKDIR /source

# Packages first: this layer stays while only code changes. (Warnings stop the build elsewhere; what a newer SDK or a new advisory warns of
# shall not stop an image.)
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY deploy/docker/Container.props deploy/docker/
COPY WorkQueue/WorkQueue.csproj WorkQueue/
COPY InferenceFunction/InferenceFunction.csproj InferenceFunction/
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages \
    dotnet restore InferenceFunction/InferenceFunction.csproj --arch $TARGETARCH -p:PublishReadyToRun=true -p:TreatWarningsAsErrors=false

COPY .editorconfig ./
COPY WorkQueue/ WorkQueue/
COPY InferenceFunction/ InferenceFunction/
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages \
    dotnet publish InferenceFunction/InferenceFunction.csproj --configuration Release --arch $TARGETARCH --no-restore --self-contained false \
      -p:PublishReadyToRun=true -p:GenerateDocumentationFile=false -p:TreatWarningsAsErrors=false --output /app \
    # The package brings the Windows library along.
    && rm -f /app/onnxruntime.dll

# The model is a layer of its own: it stays while code changes.
FROM --platform=$BUILDPLATFORM ${SDK_IMAGE} AS model
ARG MODEL_FILE
ARG MODEL_URL=https://github.com/onnx/models/raw/main/validated/vision/classification/resnet/model/resnet18-v1-7.onnx
ARG MODEL_SHA256=4e8f8653e7a2222b3904cc3fe8e304cd8b339ce1d05fd24688162f86fb6df52c
RUN mkdir /models \
    && curl --fail --location --silent --show-error --retry 5 --retry-all-errors --output "/models/$MODEL_FILE" "$MODEL_URL" \
    && echo "$MODEL_SHA256  /models/$MODEL_FILE" | sha256sum --check -

# Quantising computes, so it runs on the builder's architecture; the file it makes fits all.
FROM --platform=$BUILDPLATFORM ${SDK_IMAGE} AS quantized
ARG MODEL_FILE
WORKDIR /source
COPY --from=build /source ./
RUN --mount=type=cache,id=nuget,target=/root/.nuget/packages \
    dotnet publish InferenceFunction/InferenceFunction.csproj --configuration Release --use-current-runtime --self-contained false \
      -p:GenerateDocumentationFile=false -p:TreatWarningsAsErrors=false --output /quantizer
COPY --from=model /models /models
RUN --mount=type=bind,from=calibration,target=/calibration \
    dotnet /quantizer/Keda.Inference.InferenceFunction.dll model quantize --model "/models/$MODEL_FILE" \
      --calibrate /calibration --output "/models/${MODEL_FILE%.onnx}.int8.onnx"

FROM ${BASE_IMAGE} AS base
WORKDIR /app
COPY --from=build /app ./
USER 1654:1654
ENV DOTNET_EnableDiagnostics=0 \
    # The optimised graph (and an untrained network) is written here: give it a writable mount, and /tmp.
    Model__CacheDirectory=/cache
EXPOSE 8080
ENTRYPOINT ["dotnet", "Keda.Inference.InferenceFunction.dll"]
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="keda-inference worker" \
      org.opencontainers.image.description="Picture classification worker of Keda.Inference" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

FROM base AS with-none

FROM base AS with-zoo
COPY --from=model /models /models
ARG MODEL_FILE
ENV Model__Path=/models/${MODEL_FILE}

FROM base AS with-int8
COPY --from=quantized /models /models
ARG MODEL_FILE
ENV Model__Path=/models/${MODEL_FILE}

FROM with-${MODEL} AS final
